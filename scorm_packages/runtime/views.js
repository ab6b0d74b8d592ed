// One document, one view at a time: pages never load, so the session with the LMS never breaks.

export class Views {
  /** @param {(id: string, byLearner: boolean) => void} arrived */
  constructor(arrived) {
    this.all = new Map([...document.querySelectorAll("[data-view]")].map((view) => [view.id, view]));
    this.arrived = arrived;
    this.here = "";
    document.addEventListener("click", (event) => this.follow(event));
    addEventListener("hashchange", () => {
      const id = decodeURIComponent(location.hash.slice(1));
      if (this.all.has(id) && id !== this.here && !this.all.get(id).hasAttribute("data-inner")) this.show(id);
    });
  }

  /** @param {Event} event */
  follow(event) {
    const link = /** @type {Element} */ (event.target).closest("a[href^='#']");
    const id = link?.getAttribute("href").slice(1);
    if (!id || !this.all.has(id)) return;
    event.preventDefault();
    this.show(id);
  }

  /** @param {string} id */
  show(id, byLearner = true) {
    this.here = id;
    this.all.forEach((view, name) => {
      view.hidden = name !== id;
    });
    document.querySelectorAll("[data-part]").forEach((link) => {
      if (link.getAttribute("href") === `#${this.all.get(id).dataset.under ?? id}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const address = this.all.get(id).hasAttribute("data-inner") ? "#quiz" : `#${id}`;
    if (byLearner && location.hash !== address) history.pushState(null, "", address);
    this.arrived(id, byLearner);
    if (byLearner) this.arrive();
  }

  /** The heading gets the focus after a step of the learner; the first one belongs to the LMS. */
  arrive() {
    const heading = this.all.get(this.here).querySelector("[data-arrival]:not([hidden])");
    scrollTo(0, 0);
    if (!heading) return;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}
