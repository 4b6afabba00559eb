import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** One fault that an editor underlines. */
export interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
}

/** An editor’s side of the YAML language server. */
export interface LanguageClient {
  /** Opens a file with this text and answers with what the server finds in it. */
  open(path: string, text: string): Promise<readonly Diagnostic[]>;
  /** Labels that the server offers at a place, counted from 0. */
  complete(path: string, line: number, character: number): Promise<readonly string[]>;
  /** The text that is shown over a place. */
  hover(path: string, line: number, character: number): Promise<string>;
  stop(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

const program = fileURLToPath(new URL('../../../node_modules/.bin/yaml-language-server', import.meta.url));

/** Starts the real language server and speaks LSP to it over its standard streams. */
export async function startLanguageServer(root: string): Promise<LanguageClient> {
  const child = spawn(process.execPath, [program, '--stdio'], { cwd: root });
  const answers = new Map<number, (result: unknown) => void>();
  const published = new Map<string, (diagnostics: readonly Diagnostic[]) => void>();
  let lastId = 0;
  const send = (message: object) => writeMessage(child, message);
  const request = (method: string, params: object) =>
    new Promise<unknown>((resolve) => {
      lastId += 1;
      answers.set(lastId, resolve);
      send({ id: lastId, method, params });
    });
  readMessages(child, ({ id, method, params, result }) => {
    if (method === undefined && id !== undefined) answers.get(id)?.(result);
    // The server asks for settings and to register abilities; it has its own defaults.
    else if (id !== undefined) send({ id, result: method === 'workspace/configuration' ? [] : null });
    else if (method === 'textDocument/publishDiagnostics') {
      const { uri, diagnostics } = params as { uri: string; diagnostics: readonly Diagnostic[] };
      published.get(uri)?.(diagnostics);
    }
  });
  const rootUri = pathToFileURL(root).href;
  await request('initialize', {
    processId: process.pid,
    rootUri,
    capabilities: { textDocument: { publishDiagnostics: {} } },
    workspaceFolders: [{ uri: rootUri, name: 'fleet' }],
  });
  send({ method: 'initialized', params: {} });
  const yaml = { validate: true, completion: true, hover: true, schemaStore: { enable: false } };
  send({ method: 'workspace/didChangeConfiguration', params: { settings: { yaml } } });
  const at = (path: string, line: number, character: number) => ({
    textDocument: { uri: pathToFileURL(path).href },
    position: { line, character },
  });
  return {
    open: (path, text) =>
      new Promise((resolve) => {
        const uri = pathToFileURL(path).href;
        published.set(uri, resolve);
        send({
          method: 'textDocument/didOpen',
          params: { textDocument: { uri, languageId: 'yaml', version: 1, text } },
        });
      }),
    async complete(path, line, character) {
      const result = await request('textDocument/completion', at(path, line, character));
      const items = (result as { items?: readonly { label: string }[] } | null)?.items ?? [];
      return items.map(({ label }) => label);
    },
    async hover(path, line, character) {
      const result = await request('textDocument/hover', at(path, line, character));
      return (result as { contents?: { value?: string } } | null)?.contents?.value ?? '';
    },
    stop: () => void child.kill(),
  };
}

function writeMessage(child: ChildProcessWithoutNullStreams, message: object): void {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message });
  child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function readMessages(child: ChildProcessWithoutNullStreams, onMessage: (message: Message) => void): void {
  let rest = Buffer.alloc(0);
  child.stdout.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const end = rest.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(rest.subarray(0, end).toString())?.[1]);
      if (end < 0 || rest.length < end + 4 + length) return;
      const body = rest.subarray(end + 4, end + 4 + length).toString();
      rest = rest.subarray(end + 4 + length);
      onMessage(JSON.parse(body) as Message);
    }
  });
}
