import { Controller, Get } from '@nestjs/common';
import { type Actor, dashboard } from '@qingnang/contracts';
import { Can, CurrentActor } from '../http/access.decorators.js';
import { ApiResult } from '../http/result.decorators.js';
import { DashboardDesk } from './dashboard.desk.js';

@Controller('projects/:project/dashboard')
export class DashboardController {
  constructor(private readonly desk: DashboardDesk) {}

  @Get()
  @Can('dashboard', 'read')
  @ApiResult(dashboard)
  get(@CurrentActor() actor: Actor) {
    return this.desk.get(actor);
  }
}
