import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Actor, PolishAgain, PolishedAgain, Turn } from '@qingnang/contracts';
import { mayLeaveSql } from '@qingnang/corpus';
import { DomainError } from '@qingnang/kernel';
import { LlmGate, PromptVersionEntity, unusableAnswer } from '@qingnang/llm';
import { polishForm, polishRequest } from '@qingnang/polish';
import { leaseLost, lockHeldSlot, whatHappened } from '@qingnang/review';

/** How the polish in this person's hands came about: what to do once more. */
interface Made {
  department: string | null;
  base: Turn[] | null;
  mayLeave: boolean;
  promptVersionId: string | null;
  houseStyleId: string | null;
  providerId: string | null;
  model: string | null;
}

/** Joins review, which knows who holds a record, with the gate, which may not: a fresh polish of one turn. */
@Injectable()
export class PolishAgainDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly gate: LlmGate,
  ) {}

  /** @throws `slot.lease_lost` (409), `polish.no_model` (409), `polish.no_turn` (422), `llm.answer_…` (502), and what the gate throws. */
  async ask(actor: Actor, slotId: string, { n, fencingToken }: PolishAgain): Promise<PolishedAgain> {
    const made = await this.howItWasMade(actor, slotId, fencingToken);
    const { base } = made;
    if (!made.promptVersionId || !made.providerId || !made.model || !base) throw noModel();
    if (base.find((turn) => turn.n === n)?.role !== 'doctor') throw noSuchTurn(n);
    const versions = this.dataSource.getRepository(PromptVersionEntity);
    const prompt = await versions.findOneByOrFail({ id: made.promptVersionId });
    const houseStyle = made.houseStyleId ? (await versions.findOneBy({ id: made.houseStyleId }))?.userText : undefined;
    const turnN = prompt.settings.answer === 'text' ? n : -1;
    const question = {
      ...polishRequest(prompt, houseStyle ?? '', { department: made.department, turns: base, turnN }),
      mayLeave: made.mayLeave,
      purpose: 'polish',
      providerId: made.providerId,
      model: made.model,
      promptVersionId: prompt.id,
    };
    const answer = await this.gate.askOnce(actor, question, polishForm(base, turnN));
    if (answer.type !== 'complete') throw unusableAnswer(answer.type);
    return { callId: answer.callId, rehearsal: answer.rehearsal, text: answer.read.get(n)! };
  }

  private howItWasMade(actor: Actor, slotId: string, fencingToken: number): Promise<Made> {
    return this.dataSource.transaction(async (tx) => {
      const slot = await lockHeldSlot(tx, actor, slotId, fencingToken);
      if (!slot) throw leaseLost(slotId, await whatHappened(tx, actor, slotId));
      const [row]: Made[] = await tx.query(
        `select r.department, b.turns as base, ${mayLeaveSql('r', 'b.id')} as "mayLeave",
           v.prompt_version_id as "promptVersionId", j.settings ->> 'houseStyleVersionId' as "houseStyleId",
           j.provider_id as "providerId", j.model
         from version v join record r on r.id = v.record_id join version o on o.id = r.import_version_id
           left join llm_item i on i.id = v.llm_item_id left join llm_job j on j.id = i.job_id
           left join version b on b.id = coalesce((i.params ->> 'versionId')::uuid, o.id)
         where v.id = $1`,
        [slot.shownVersionId],
      );
      if (!row) throw noModel();
      return row;
    });
  }
}

function noModel(): DomainError {
  return new DomainError({
    code: 'polish.no_model',
    status: 409,
    detail: 'This polish was not made by a model job of this project, so there is no model to ask again.',
  });
}

function noSuchTurn(n: number): DomainError {
  return new DomainError({
    code: 'polish.no_turn',
    status: 422,
    field: 'n',
    detail: `Turn ${n} is not a doctor's turn of this record.`,
  });
}
