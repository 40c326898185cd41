import { z } from 'zod';
import { DIAGNOSIS_STATES, type Diagnosis } from './diagnosis.ts';

export const diagnosisSchema = z.strictObject({
  name: z.string(),
  state: z.enum(DIAGNOSIS_STATES),
  message: z.string(),
  remedy: z.string().nullable(),
}) satisfies z.ZodType<Diagnosis>;
