import { Module } from '@nestjs/common';
import { SnapshotModule } from '@qingnang/snapshot';
import { DownloadsModule } from '../downloads/downloads.module.js';
import { SnapshotFilesController } from './snapshot-files.controller.js';
import { SnapshotsController } from './snapshots.controller.js';

@Module({ imports: [SnapshotModule, DownloadsModule], controllers: [SnapshotsController, SnapshotFilesController] })
export class SnapshotsModule {}
