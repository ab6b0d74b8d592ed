// The templates decide what a look into the page finds; a compiler that does not know them cannot.

/** An element as a template makes it, with its fields and data. */
type Made = any;

interface ParentNode {
  querySelector(selectors: string): any;
  querySelectorAll(selectors: string): NodeListOf<any>;
}

interface Element {
  closest(selectors: string): any;
}

interface Document {
  getElementById(id: string): any;
}
