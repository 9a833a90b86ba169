import { Module } from '@nestjs/common';
import { Freezer } from './freeze/freezer.js';
import { SnapshotService } from './snapshot.service.js';

@Module({ providers: [SnapshotService, Freezer], exports: [SnapshotService, Freezer] })
export class SnapshotModule {}
