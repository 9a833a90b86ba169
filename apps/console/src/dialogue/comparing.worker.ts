import { compare } from './comparing';

export interface Question {
  n: number;
  original: string;
  text: string;
}

// Typed here, since the page's own types know no worker.
interface Scope {
  onmessage: ((event: MessageEvent<Question>) => void) | null;
  postMessage(message: unknown): void;
}

const scope = self as unknown as Scope;
scope.onmessage = ({ data: { n, original, text } }) => scope.postMessage({ n, ...compare(original, text) });
