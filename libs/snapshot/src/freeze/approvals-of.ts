import type { EntityManager } from 'typeorm';
import type { ApprovalHow, RuleEvidence, RuleFigures, SnapshotManifest } from '@qingnang/contracts';

type Approvals = NonNullable<SnapshotManifest['approvals']>;
type Evidence = NonNullable<Approvals['rules'][number]['approval_rule']>;

interface Counted {
  how: ApprovalHow;
  rule: string | null;
  rows: number;
  rule_id: string | null;
  stopped: boolean;
  evidence: RuleEvidence | null;
}

/** How the texts of a snapshot were approved: counted where it is frozen, with the evidence as it stood when it was given. */
export async function approvalsOf(tx: EntityManager, snapshotId: string): Promise<Approvals> {
  const counted: Counted[] = await tx.query(
    `select x.how, x.rule, x.rows, u.id as rule_id, coalesce(u.state = 'stopped', false) as stopped, u.evidence
     from (select a.how, a.rule, a.bulk_job_id, count(*)::int as rows
       from snapshot_item i join approval a on a.record_id = i.record_id and a.until_at is null
       where i.snapshot_id = $1 group by 1, 2, 3) x
     left join approval_rule u on u.bulk_job_id = x.bulk_job_id order by x.rule, u.id`,
    [snapshotId],
  );
  const rowsOf = (how: ApprovalHow): number =>
    counted.reduce((sum, row) => (row.how === how ? sum + row.rows : sum), 0);
  return {
    reviewed: rowsOf('reviewed'),
    by_rule: rowsOf('by_rule'),
    rules: counted
      .filter(({ how }) => how === 'by_rule')
      .map((row) => ({ rule: row.rule!, rows: row.rows, approval_rule: evidenceOf(row) })),
  };
}

function evidenceOf({ rule_id: id, stopped, evidence }: Counted): Evidence | null {
  if (id === null || evidence === null) return null;
  const { bar, confidence, seed, population, drawn, all } = evidence;
  const shares = (groups: readonly (RuleFigures & { value: string | null })[]) =>
    groups.map((group) => ({ value: group.value, ...shareOf(group) }));
  return {
    ...{ id, stopped, bar, confidence, seed, population, drawn },
    ...shareOf(all),
    data_set: shares(evidence.dataSets),
    source: shares(evidence.sources),
    prompt_version: shares(evidence.promptVersions),
  };
}

const shareOf = ({ read, faults, rate, low, high, atMost }: RuleFigures) => ({
  ...{ read, faults, rate, low, high },
  at_most: atMost,
});
