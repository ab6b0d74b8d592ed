// What `pages.py` writes into a document for the player to read.

interface Course {
  version: string;
  reporting: string;
  language: string;
  typedLimit: number;
  pages: { slug: string; required: boolean }[];
  quiz: Quiz | null;
  words: Words;
}

interface Quiz {
  salt: string;
  passShare: string;
  attemptsLimit: number | null;
  counts: "best" | "last" | "average";
  shuffle: boolean;
  review: "full" | "marks" | "result";
  timeLimit: number | null;
  pools: Record<string, number>;
  questions: Question[];
}

interface Question {
  id: string;
  kind: string;
  points: number;
  pool: string | null;
  shuffle: boolean;
  /** of a choice: the names of what can be chosen, and the hashes of what is right */
  options?: string[];
  right?: string[];
  /** of every other kind; what is in it depends on the kind */
  task?: any;
  /** what is told after handing in */
  sealed?: string;
}

interface Told {
  explain: string;
  options: Record<string, string>;
  rightWords: string;
  wrongWords: string;
  solution: string[];
  page: { slug: string; title: string } | null;
}

type Answers = Record<string, string[]>;

interface Words extends Record<
  | "read" | "open" | "answered" | "pagesRead" | "question" | "questionOf" | "next" | "toHandIn" | "allAnswered" | "oneOpen"
  | "severalOpen" | "begin" | "goOn" | "again" | "anyAttempts" | "oneAttempt" | "severalAttempts" | "passed" | "notPassed"
  | "points" | "minutesLeft" | "lastMinute" | "alone" | "connecting" | "launchAgain" | "readOnly" | "right" | "partly" | "wrong" | "unanswered" | "pending"
  | "yoursRight" | "yoursWrong" | "wouldBe" | "notChosen" | "inPlace" | "outOfPlace" | "rightOrder" | "readAgain",
  string
> {
  saving: Record<string, string>;
}
