import { z } from 'zod';
import {
  ipPortRuleChangeSchema,
  ipPortRuleInputSchema,
  ipPortRuleRemovalParams,
  ipPortRuleSchema,
  openPortChangeSchema,
  openPortInputSchema,
  openPortSchema,
  portEditedSchema,
  portEditSchema,
  portSuggestionSchema,
} from '../../model/open-ports.schema.ts';
import type { PortAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

const tags = ['ports'];
const nothing = z.strictObject({});

export function portRoutes(app: TypedApp, ports: PortAPI): void {
  openPortRoutes(app, ports);
  ipPortRuleRoutes(app, ports);
}

function openPortRoutes(app: TypedApp, ports: PortAPI): void {
  app.get(
    '/ports',
    {
      schema: {
        tags,
        summary: 'Ports that default deny lets through',
        response: { 200: z.array(openPortSchema).readonly() },
      },
    },
    () => ports.list(),
  );

  app.get(
    '/ports/suggest',
    {
      schema: {
        tags,
        summary: 'Listening sockets whose port is not open',
        response: { 200: z.array(portSuggestionSchema).readonly() },
      },
    },
    () => ports.suggest(),
  );

  app.post(
    '/ports',
    {
      schema: {
        tags,
        summary: 'Open a port or range',
        body: openPortInputSchema,
        response: { 200: openPortChangeSchema },
      },
    },
    (request) => ports.open(request.body.spec, changeOptions(request)),
  );

  app.patch(
    '/ports',
    {
      schema: {
        tags,
        summary: 'Close and open several, as one change',
        body: portEditSchema,
        response: { 200: portEditedSchema },
      },
    },
    (request) => ports.edit(request.body, changeOptions(request)),
  );

  app.delete(
    '/ports',
    { schema: { tags, summary: 'Close one', querystring: openPortInputSchema, response: { 200: nothing } } },
    async (request) => {
      await ports.close(request.query.spec, changeOptions(request));
      return {};
    },
  );
}

function ipPortRuleRoutes(app: TypedApp, ports: PortAPI): void {
  app.get(
    '/ports/rules',
    {
      schema: { tags, summary: 'Rules of sources and ports', response: { 200: z.array(ipPortRuleSchema).readonly() } },
    },
    () => ports.listRules(),
  );

  app.post(
    '/ports/rules',
    {
      schema: {
        tags,
        summary: 'Allow or deny ports to a source',
        body: ipPortRuleInputSchema,
        response: { 200: ipPortRuleChangeSchema },
      },
    },
    (request) => ports.addRule(request.body, changeOptions(request)),
  );

  app.delete(
    '/ports/rules',
    { schema: { tags, summary: 'Remove one', querystring: ipPortRuleRemovalParams, response: { 200: nothing } } },
    async (request) => {
      const { prefix, ports: range, protocol } = request.query;
      await ports.removeRule(prefix, range, protocol, changeOptions(request));
      return {};
    },
  );
}
