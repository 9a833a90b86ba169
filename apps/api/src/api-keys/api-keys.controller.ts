import { Body, Controller, Delete, Get, Post, Query } from '@nestjs/common';
import {
  type Actor,
  type ApiKey,
  apiKeyList,
  apiKeyQuery,
  type ApiKeyQuery,
  type CreateApiKey,
  createApiKeyRequest,
  createdApiKey,
  type CreatedApiKey,
  type ListReply,
} from '@qingnang/contracts';
import { ApiKeyService } from '@qingnang/identity';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult, IdParam, NoContent } from '../http/result.decorators.js';

@Controller('projects/:project/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Can('api-keys', 'read')
  @ApiResult(apiKeyList)
  list(@CurrentActor() actor: Actor, @Query({ schema: apiKeyQuery }) query: ApiKeyQuery): Promise<ListReply<ApiKey>> {
    return this.keys.list(actor, query);
  }

  /** The key itself is in this answer only. */
  @Post()
  @Can('api-keys', 'create')
  @ApiResult(createdApiKey, 201)
  create(
    @CurrentActor() actor: Actor,
    @Body({ schema: createApiKeyRequest }) body: CreateApiKey,
  ): Promise<CreatedApiKey> {
    return this.keys.create(actor, body);
  }

  /** Ends the key at once. */
  @Delete(':id')
  @Can('api-keys', 'delete')
  @NoContent()
  revoke(@CurrentActor() actor: Actor, @IdParam() id: string): Promise<void> {
    return this.keys.revoke(actor, id);
  }
}
