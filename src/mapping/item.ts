/** The type of one element: `Item<Observation, 'note'>` is Annotation, lists and optional marks taken off. */
export type Item<T, K extends keyof T> = NonNullable<T[K]> extends readonly (infer U)[] ? U : NonNullable<T[K]>;
