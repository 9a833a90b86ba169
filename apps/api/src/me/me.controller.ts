import { Controller, Get } from '@nestjs/common';
import { me, type Me } from '@qingnang/contracts';
import { ProjectService } from '@qingnang/identity';
import { CurrentPerson, SignedIn } from '../http/access.decorators.js';
import type { Principal } from '../http/request.js';
import { ApiResult } from '../http/result.decorators.js';

@Controller('me')
export class MeController {
  constructor(private readonly projects: ProjectService) {}

  /** Who I am and where I belong. */
  @Get()
  @SignedIn()
  @ApiResult(me)
  read(@CurrentPerson() person: Principal): Promise<Me> {
    return this.projects.me(person);
  }
}
