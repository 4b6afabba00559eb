/** What a component of a collector is: which section of the config defines it. */
export type ComponentKind = 'receiver' | 'processor' | 'exporter' | 'connector' | 'extension';
