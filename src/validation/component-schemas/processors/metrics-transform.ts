import { choice, float, listOf, mapOf, settings, text } from '../shape.ts';

/** Settings of the metrics_transform processor. */
export const metricsTransformProcessor = settings({
  transforms: listOf(
    settings(
      {
        action: choice('update', 'insert', 'combine', 'group'),
        aggregation_type: text,
        experimental_match_labels: mapOf(text),
        group_resource_labels: mapOf(text),
        include: text,
        match_type: choice('strict', 'regexp', ''),
        new_name: text,
        operations: listOf(
          settings({
            action: text,
            aggregated_values: listOf(text),
            aggregation_type: text,
            experimental_scale: float,
            label: text,
            label_set: listOf(text),
            label_value: text,
            new_label: text,
            new_value: text,
            value_actions: listOf(settings({ new_value: text, value: text })),
          }),
        ),
        submatch_case: text,
      },
      { required: ['include', 'action'] },
    ),
  ),
});
