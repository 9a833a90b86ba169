export { uuidv7 } from './ids.js';
export { DomainError, notFound, staleRevision, type DomainErrorOptions } from './domain-error.js';
export { canonicalJson, hashBytes, sha256 } from './canonical-json.js';
export { createRandom, type Random } from './random.js';
export { stackPlaces } from './stack-places.js';
export { announceReady, onStop, type ReadyMessage, type StopReason } from './process-life.js';
