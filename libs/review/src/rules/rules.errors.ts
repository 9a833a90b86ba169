import type { RuleBlock } from '@qingnang/contracts';
import { DomainError } from '@qingnang/kernel';

const BLOCKED: Record<RuleBlock, string> = {
  not_drawn: 'The sample has not been drawn yet: wait for it, then have people read it.',
  nothing_drawn: 'The sample holds no text, so nothing speaks for this rule: draw one from a wider filter.',
  unread: 'People have not read the whole sample yet: what nobody looked at may be what is wrong.',
  above_bar:
    'What people found does not show that the share of faults is at most the bar: draw a larger sample, or mend the texts first.',
  not_sampling: 'This rule has been approved or stopped already: draw a new sample for a new one.',
};

export function ruleBlocked(block: RuleBlock): DomainError {
  return new DomainError({
    code: `approval_rule.${block}`,
    status: 409,
    detail: BLOCKED[block],
  });
}

export function ruleEmpty(): DomainError {
  return new DomainError({
    code: 'approval_rule.empty',
    status: 422,
    field: 'filter',
    detail:
      'Nothing that matches waits for an approval: its texts are approved, put aside, in review or not polished. Widen the filter.',
  });
}

export function ruleNotInForce(): DomainError {
  return new DomainError({
    code: 'approval_rule.not_in_force',
    status: 409,
    detail: 'Spot checks are drawn from what a rule in force has let in; this one is not in force.',
  });
}

export function nothingToCheck(): DomainError {
  return new DomainError({
    code: 'approval_rule.nothing_to_check',
    status: 409,
    detail: 'Nothing that this rule let in waits for a spot check: all of it is read, in review or taken back.',
  });
}

export function ruleStopped(): DomainError {
  return new DomainError({
    code: 'approval_rule.stopped',
    status: 409,
    detail: 'This rule was stopped already; what it let in can be taken back with its job.',
  });
}
