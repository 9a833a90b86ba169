import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  createProjectRequest,
  type CreateProject,
  type ListReply,
  project,
  type Project,
  projectList,
  projectQuery,
  type ProjectQuery,
} from '@qingnang/contracts';
import { ProjectService } from '@qingnang/identity';
import { CurrentPerson, InstallationAdmin, SignedIn } from '../http/access.decorators.js';
import type { Principal } from '../http/request.js';
import { ApiResult } from '../http/result.decorators.js';
import { furnishProject } from './furnish-project.js';

@Controller('projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectService) {}

  @Get()
  @SignedIn()
  @ApiResult(projectList)
  list(
    @CurrentPerson() person: Principal,
    @Query({ schema: projectQuery }) query: ProjectQuery,
  ): Promise<ListReply<Project>> {
    return this.projects.list(person, query);
  }

  /** Who makes a project becomes its admin. */
  @Post()
  @InstallationAdmin()
  @ApiResult(project, 201)
  create(
    @CurrentPerson() person: Principal,
    @Body({ schema: createProjectRequest }) body: CreateProject,
  ): Promise<Project> {
    return this.projects.create(person, body, furnishProject);
  }
}
