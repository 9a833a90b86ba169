import { Body, Controller, type OnModuleInit, Post } from '@nestjs/common';
import { type Actor, snapshotFileRequest, type SnapshotFileRequest, snapshotFileTicket } from '@qingnang/contracts';
import { SnapshotService } from '@qingnang/snapshot';
import { type DownloadClaims, type Download, DownloadTickets } from '../downloads/download-tickets.js';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { NotAudited, SafeToRepeat } from '../http/act.decorators.js';
import { ApiResult, IdParam } from '../http/result.decorators.js';

const KIND = 'snapshot-file';
const MANIFEST = 'manifest.json';

/** Files of a frozen folder as they are, and exports made from them. */
@Controller('projects/:project/snapshots')
export class SnapshotFilesController implements OnModuleInit {
  constructor(
    private readonly snapshots: SnapshotService,
    private readonly tickets: DownloadTickets,
  ) {}

  onModuleInit(): void {
    this.tickets.handle(KIND, { resource: 'snapshots', action: 'read' }, (claims) => this.open(claims));
  }

  @Post(':id/download-ticket')
  @Can('snapshots', 'read')
  @SafeToRepeat()
  @NotAudited('gives out what the caller may read already')
  @ApiResult(snapshotFileTicket, 201)
  async ticket(
    @CurrentActor() actor: Actor,
    @IdParam() id: string,
    @Body({ schema: snapshotFileRequest }) body: SnapshotFileRequest,
  ) {
    const { format, file = MANIFEST, split } = body;
    const unwritable = format ? await this.snapshots.countUnwritable(actor.projectId, id, split) : 0;
    if (!format) await this.snapshots.filePath(actor.projectId, id, file);
    const { name, version } = await this.snapshots.get(actor, id);
    const asked = Object.entries({ ...body, name: `${name}-v${version}` }).filter((entry) => entry[1] !== undefined);
    const params = Object.fromEntries(asked) as Record<string, string>;
    return { ...(await this.tickets.issue(actor, { kind: KIND, id, params })), unwritable };
  }

  private async open({ projectId, id, params }: DownloadClaims): Promise<Download> {
    const request = snapshotFileRequest.parse(params);
    if (request.format) {
      const stream = await this.snapshots.exportShareGpt(projectId, id, request.split);
      return {
        fileName: `${params.name}-${request.split ?? 'all'}.sharegpt.json`,
        contentType: 'application/json',
        stream,
      };
    }
    const file = request.file ?? MANIFEST;
    const stream = await this.snapshots.openFile(projectId, id, file);
    return { fileName: file, contentType: file.endsWith('.gz') ? 'application/gzip' : 'application/json', stream };
  }
}
