import type { FactKind } from '@qingnang/contracts';

/** Half-open, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

/** A place in a text with its words; empty where nothing stands, at the place where it would. */
export interface Place extends Span {
  text: string;
}

/** A fact that came, went or became another. Both places can be drawn. */
export interface Finding {
  kind: FactKind;
  change: 'lost' | 'added' | 'changed';
  /** The same finding after typing elsewhere has the same id. Holds no words. */
  id: string;
  /** In the original. */
  was: Place;
  /** In the text as it stands. */
  is: Place;
  /** The drug a dose belongs to, as written. */
  of?: string;
}

/** A finding before it has an id and its places in the texts as given: spans are those of the reading. */
export interface RawFinding {
  kind: FactKind;
  /** What makes it this finding, e.g. `500mg→20mg`. */
  key: string;
  was: Span | null;
  is: Span | null;
  of?: string;
}
