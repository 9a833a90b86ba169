import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who answers in an evaluation: a registered model, a provider's model, or answers brought along. */
@Entity({ name: 'entrant' })
export class EntrantEntity {
  @PrimaryColumn({ name: 'id', type: 'uuid' })
  id!: string;

  @Column({ name: 'project_id', type: 'uuid' })
  projectId!: string;

  @Column({ name: 'evaluation_id', type: 'uuid' })
  evaluationId!: string;

  @Column({ name: 'n', type: 'integer' })
  n!: number;

  @Column({ name: 'kind', type: 'text' })
  kind!: 'model' | 'provider' | 'uploaded';

  @Column({ name: 'name', type: 'text' })
  name!: string;

  @Column({ name: 'model_id', type: 'uuid', nullable: true })
  modelId!: string | null;

  @Column({ name: 'provider_id', type: 'uuid', nullable: true })
  providerId!: string | null;

  @Column({ name: 'provider_model', type: 'text', nullable: true })
  providerModel!: string | null;

  /** The person of the project who wrote uploaded answers. */
  @Column({ name: 'author_id', type: 'uuid', nullable: true })
  authorId!: string | null;

  /** Uploaded answers by which no patient can be known, as whoever brought them said. */
  @Column({ name: 'deidentified', type: 'boolean', default: false })
  deidentified!: boolean;
}
