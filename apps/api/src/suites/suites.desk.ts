import { Injectable } from '@nestjs/common';
import type { Actor, CreateSuite, SuiteView } from '@qingnang/contracts';
import { drawQuestions } from '@qingnang/evaluation';
import { SuiteService } from '@qingnang/suites';
import { DataSource } from 'typeorm';

/** Suites know questions; where a snapshot holds some back, the libraries above know. */
@Injectable()
export class SuitesDesk {
  constructor(
    private readonly dataSource: DataSource,
    private readonly suites: SuiteService,
  ) {}

  async create(actor: Actor, { name, questions, fromSnapshot }: CreateSuite): Promise<SuiteView> {
    const chosen = fromSnapshot ? await drawQuestions(this.dataSource, actor.projectId, fromSnapshot) : questions!;
    return this.suites.create(actor, name, chosen);
  }
}
