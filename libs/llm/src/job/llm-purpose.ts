import type { EntityManager } from 'typeorm';
import type { AnswerType, JsonObject, LlmPurposeName } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';
import type { AnswerForm } from '../answer/answer-form.js';
import type { LlmRequest } from '../call/llm-request.js';
import type { LlmItemEntity } from './llm-item.entity.js';
import type { LlmJobEntity } from './llm-job.entity.js';

/** The share of one role in an estimate: roles have prices of their own. */
export interface RoleEstimate {
  role: string;
  calls: number;
  inputTokens: number;
  outputTokens: number;
}

/** What a purpose can say of a job before it starts; prices are added by the engine. */
export interface PurposeEstimate {
  subjects: number;
  calls: number;
  inputTokens: number;
  outputTokens: number;
  egressRefused: number;
  alreadyDone: number;
  /** Chosen, but lacking what would be asked about. */
  lacking: number;
  tooLong: number;
  /** Where a job asks several models; without it everything is the one role's. */
  roles?: readonly RoleEstimate[];
}

/** What the engine knows of the provider that a purpose may need to know. */
export interface PurposeContext {
  /** Text sent there leaves the house. */
  outside: boolean;
  /** Of the job's model; 0 = unknown. */
  contextTokens: number;
  textOnly: boolean;
}

interface Answered {
  callId: string;
  /** Without the reasoning. */
  text: string;
  rehearsal: boolean;
  model: string;
  providerId: string;
}

/** A complete answer, read by the purpose's form. */
export interface LlmAnswer<T = unknown> extends Answered {
  read: T;
}

/** An answer that may become no text, candidate or label. */
export interface OtherAnswer extends Answered {
  type: Exclude<AnswerType, 'complete'>;
}

export interface LlmResult {
  type: string;
  id: string;
}

/** A question that follows from an answer: asked in the same job, of any of its roles, bound to the item it follows. */
export interface FollowUp {
  role: string;
  promptVersionId: string | null;
  params: JsonObject;
  turnN?: number;
}

/** What came of an answer: something kept, further questions, or both. */
export interface Stored {
  /** Null where nothing but questions came of it. */
  result: LlmResult | null;
  followUps: readonly FollowUp[];
}

/**
 * One kind of model work, registered by the library that knows its subjects. The engine does all else: claims, leases,
 * budgets, retries, the ledger.
 */
export interface LlmPurpose<T = unknown> {
  readonly purpose: LlmPurposeName;
  /** Whether an equal question answered before may serve; never for candidates, whose point is to differ. */
  readonly cacheable: boolean;

  /** Throws a DomainError (422) on a filter or settings it cannot work with. Reads, writes nothing. */
  estimate(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<PurposeEstimate>;

  /**
   * Writes the items out, once, when the job starts: `insert into llm_item … select …`, ids by {@link itemIdSql}, key `<id>.1`.
   * Items whose text may not leave are written as `skipped` with error code `egress_refused`.
   */
  writeItems(tx: EntityManager, job: LlmJobEntity, context: PurposeContext): Promise<void>;

  /**
   * The question. Throws {@link SubjectGoneError} to skip the item, any other DomainError to fail it.
   * The same item must give the same question, since it may be sent twice under one key.
   */
  buildRequest(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<LlmRequest>;

  /** How its answers are read: the gate tells by it what kind of answer came. */
  form(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity): Promise<AnswerForm<T>>;

  /** Keeps a complete answer, in this transaction. */
  store(tx: EntityManager, job: LlmJobEntity, item: LlmItemEntity, answer: LlmAnswer<T>): Promise<LlmResult | Stored>;

  /**
   * Keeps any other answer as what it is, where this purpose measures answers; null where it does not. Without it such an
   * answer ends its item, after further purchases where they may help.
   */
  storeOther?(
    tx: EntityManager,
    job: LlmJobEntity,
    item: LlmItemEntity,
    answer: OtherAnswer,
  ): Promise<LlmResult | null>;

  /** Told once when the last item has ended, in the transaction that ends the job. */
  ended?(tx: EntityManager, job: LlmJobEntity): Promise<void>;

  /** Told once when the job ends before its items have: it failed, or was cancelled. In the transaction that ends it. */
  failed?(tx: EntityManager, job: LlmJobEntity): Promise<void>;
}

/** The subject was withdrawn, erased or answered otherwise since the job started: nothing to ask. */
export class SubjectGoneError extends DomainError {
  constructor(code: string, detail: string) {
    super({ code, status: 409, detail });
  }
}

/** The purposes of this process. Libraries register theirs when their module starts. */
export class PurposeRegistry {
  private readonly byName = new Map<LlmPurposeName, LlmPurpose>();

  register(purpose: LlmPurpose): void {
    const known = this.byName.get(purpose.purpose);
    if (known && known !== purpose) throw new Error(`two handlers for the purpose ${purpose.purpose}`);
    this.byName.set(purpose.purpose, purpose);
  }

  get(name: LlmPurposeName): LlmPurpose {
    const purpose = this.byName.get(name);
    if (!purpose) throw new Error(`no handler for the purpose ${name}`);
    return purpose;
  }
}
