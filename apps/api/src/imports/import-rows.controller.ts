import { Body, Controller, type OnModuleInit, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Actor, downloadTicket, importRowsFile, type ImportRowsFile } from '@qingnang/contracts';
import { ImportService, rowsAsCsv } from '@qingnang/corpus';
import { DownloadTickets } from '../downloads/download-tickets.js';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

const KIND = 'import-rows';

/** Rejected and duplicate rows as a file. */
@Controller('projects/:project/imports')
export class ImportRowsController implements OnModuleInit {
  constructor(
    private readonly imports: ImportService,
    private readonly tickets: DownloadTickets,
    private readonly dataSource: DataSource,
  ) {}

  onModuleInit(): void {
    this.tickets.handle(KIND, { resource: 'imports', action: 'read' }, ({ id, params }) => {
      const { outcome } = importRowsFile.parse(params);
      return Promise.resolve({
        fileName: `import-${id}-${outcome}.csv`,
        contentType: 'text/csv; charset=utf-8',
        stream: rowsAsCsv(this.dataSource, id, outcome),
      });
    });
  }

  @Post(':id/rows/download-ticket')
  @Can('imports', 'read')
  @SafeToRepeat()
  @NotAudited('gives out what the caller may read already')
  @ApiResult(downloadTicket, 201)
  async ticket(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: importRowsFile }) body: ImportRowsFile,
  ) {
    await this.imports.get(actor, id);
    return this.tickets.issue(actor, { kind: KIND, id, params: { outcome: body.outcome } });
  }
}
