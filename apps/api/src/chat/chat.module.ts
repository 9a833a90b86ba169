import { Module } from '@nestjs/common';
import { LlmModule } from '@qingnang/llm';
import { RunsModule } from '@qingnang/runs';
import { ChatController } from './chat.controller.js';
import { ChatDesk } from './chat.desk.js';

@Module({ imports: [LlmModule, RunsModule], controllers: [ChatController], providers: [ChatDesk] })
export class ChatModule {}
