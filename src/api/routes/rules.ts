import { z } from 'zod';
import {
  removedSchema,
  ruleBulkRemovalSchema,
  ruleChangeSchema,
  ruleClearSchema,
  ruleCountsSchema,
  ruleInputSchema,
  ruleInputsSchema,
  ruleMatchParams,
  rulePageSchema,
  rulePreviewParams,
  ruleQueryParams,
  ruleRemovalParams,
  ruleRemovalSchema,
  ruleSelectionSchema,
  sourceMatchSchema,
} from '../../model/rules.schema.ts';
import type { RuleAPI } from '../../sdk/types.ts';
import type { TypedApp } from '../app.ts';
import { changeOptions } from '../hooks/change-options.ts';

/** One rule in, one change out; an array in, an array out. */
const addBody = z.union([ruleInputSchema, ruleInputsSchema]);
const addAnswer = z.union([ruleChangeSchema, z.array(ruleChangeSchema).readonly()]);

const tags = ['rules'];

export function ruleRoutes(app: TypedApp, rules: RuleAPI): void {
  app.get(
    '/rules',
    {
      schema: {
        tags,
        summary: 'List, search and sort, by page',
        querystring: ruleQueryParams,
        response: { 200: rulePageSchema },
      },
    },
    (request) => rules.list(request.query),
  );

  app.get(
    '/rules/counts',
    { schema: { tags, summary: 'How many each list has', response: { 200: ruleCountsSchema } } },
    () => rules.counts(),
  );

  app.get(
    '/rules/match',
    {
      schema: {
        tags,
        summary: 'The entries that touch a source, the deciding one first',
        querystring: ruleMatchParams,
        response: { 200: z.array(sourceMatchSchema).readonly() },
      },
    },
    (request) => rules.match(request.query.address),
  );

  app.post(
    '/rules',
    { schema: { tags, summary: 'Add one, or several as one change', body: addBody, response: { 200: addAnswer } } },
    (request) => {
      const options = changeOptions(request);
      return Array.isArray(request.body) ? rules.addMany(request.body, options) : rules.add(request.body, options);
    },
  );

  app.delete(
    '/rules',
    {
      schema: {
        tags,
        summary: 'Remove an entry',
        querystring: ruleRemovalParams,
        response: { 200: ruleRemovalSchema },
      },
    },
    (request) => rules.remove(request.query.prefix, request.query.list, changeOptions(request)),
  );

  app.post(
    '/rules/remove',
    {
      schema: {
        tags,
        summary: 'Remove several of one list as one change, or nothing',
        description:
          'By prefix, or all that a search finds. `expect` refuses when it would not be exactly so many; `preview` only counts.',
        querystring: rulePreviewParams,
        body: ruleSelectionSchema,
        response: { 200: ruleBulkRemovalSchema },
      },
    },
    (request) =>
      request.query.preview
        ? rules.previewRemoval(request.body)
        : rules.removeMany(request.body, changeOptions(request)),
  );

  app.post(
    '/rules/clear',
    {
      schema: {
        tags,
        summary: 'Remove all but what config.yaml says, from one list or both',
        body: ruleClearSchema,
        response: { 200: removedSchema },
      },
    },
    async (request) => ({ removed: await rules.clear(request.body.list, changeOptions(request)) }),
  );
}
