/**
 * What a record is known by, as SQL: one value of its project, its data set and the hash of its words, as the unique index
 * `uq_record_identity` has it. A third of the size of the three columns, in the largest index there is.
 */
export function identityKeySql(projectId: string, dataSet: string, identityHash: string): string {
  const place = `decode(${projectId}::text || ${dataSet}, 'escape')`;
  return `(encode(substr(sha256(${place} || ${identityHash}), 1, 16), 'hex')::uuid)`;
}
