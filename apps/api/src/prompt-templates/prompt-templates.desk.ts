import { Injectable } from '@nestjs/common';
import { writeAudit } from '@qingnang/audit';
import type {
  Actor,
  CreatePromptTemplate,
  CreatePromptVersion,
  PromptTemplateDetail,
  PromptTemplateQuery,
  PromptVersionView,
} from '@qingnang/contracts';
import { sha256 } from '@qingnang/kernel';
import { PromptTemplateService } from '@qingnang/llm';
import { DataSource } from 'typeorm';

/** Joins what the gate does with the log it stands below. */
@Injectable()
export class PromptTemplatesDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly templates: PromptTemplateService,
  ) {}

  list(actor: Actor, query: PromptTemplateQuery) {
    return this.templates.list(this.dataSource.manager, actor, query);
  }

  get(actor: Actor, id: string): Promise<PromptTemplateDetail> {
    return this.templates.get(this.dataSource.manager, actor, id);
  }

  create(actor: Actor, input: CreatePromptTemplate): Promise<PromptTemplateDetail> {
    return this.dataSource.transaction(async (tx) => {
      const made = await this.templates.create(tx, actor, input);
      await writeAudit(tx, actor, {
        action: 'prompt_template.create',
        subjectType: 'prompt_template',
        subjectId: made.id,
        after: { key: made.key, purpose: made.purpose },
      });
      return made;
    });
  }

  addVersion(actor: Actor, id: string, input: CreatePromptVersion): Promise<PromptVersionView> {
    return this.dataSource.transaction(async (tx) => {
      const version = await this.templates.addVersion(tx, actor, id, input);
      await writeAudit(tx, actor, {
        action: 'prompt_template.add_version',
        subjectType: 'prompt_template',
        subjectId: id,
        after: {
          versionId: version.id,
          number: version.number,
          sha256: sha256(`${version.systemText}\n${version.userText}`),
        },
      });
      return version;
    });
  }
}
