/** A small program that calls a URL, to see whether its calls can be recorded. */
export interface Probe {
  /** The program and what in it makes the call. */
  readonly subject: string;
  /** The program, to be found on PATH. */
  readonly program: string;
  readonly args: (url: string) => readonly string[];
  /** Source to be put in a file whose path is the last argument. */
  readonly file?: { readonly name: string; readonly content: string };
  /** What of its output says that this client is not installed; it is then no problem. */
  readonly absent?: RegExp;
  /** What a user can do where its calls are not recorded. */
  readonly remedy: string;
  /** Default 15 000 ms. */
  readonly limitMs?: number;
}

const BASE_URL = 'set its base URL to calltape record URL instead.';
const NODE_REMEDY = 'use Node.js 22.21, 24.5 or newer, and keep NODE_OPTIONS.';

const NODE_OWN_AGENT = `
const https = require('https');
https.get(process.argv[1], { agent: new https.Agent() }, (response) => response.pipe(process.stdout))
  .on('error', (error) => { console.error(error.message); process.exitCode = 1; });`;

const NODE_FETCH = `
fetch(process.argv[1]).then((response) => response.text()).then(console.log)
  .catch((error) => { console.error(String(error.cause ?? error)); process.exitCode = 1; });`;

const JAVA = `
import java.net.URI;
import java.net.http.*;
public class Probe {
  public static void main(String[] words) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(words[0])).build();
    var body = HttpResponse.BodyHandlers.ofString();
    System.out.println(HttpClient.newHttpClient().send(request, body).body());
  }
}`;

const GO = `
package main
import ("fmt"; "io"; "net/http"; "os")
func main() {
  response, err := http.Get(os.Args[1])
  if err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) }
  io.Copy(os.Stdout, response.Body)
}`;

const PERL = `
use HTTP::Tiny;
my $answer = HTTP::Tiny->new(verify_SSL => 1)->get($ARGV[0]);
print STDERR $answer->{content} unless $answer->{success};
exit !$answer->{success};`;

const PHP = `
$call = curl_init($argv[1]); curl_setopt($call, CURLOPT_RETURNTRANSFER, true);
$text = curl_exec($call); if ($text === false) { fwrite(STDERR, curl_error($call)); exit(1); }`;

/** Every client that is tried. To try another, add it here. */
export const PROBES: readonly Probe[] = [
  {
    subject: 'node fetch',
    program: 'node',
    args: (url) => ['-e', NODE_FETCH, url],
    remedy: NODE_REMEDY,
  },
  {
    subject: 'node https, own agent (stripe, twilio)',
    program: 'node',
    args: (url) => ['-e', NODE_OWN_AGENT, url],
    remedy: NODE_REMEDY,
  },
  {
    subject: 'curl',
    program: 'curl',
    args: (url) => ['-sS', '--max-time', '10', url],
    remedy: 'look for proxy, noproxy or cacert in ~/.curlrc.',
  },
  {
    subject: 'git',
    program: 'git',
    args: (url) => ['ls-remote', url],
    remedy: 'look for http.proxy and http.sslCAInfo in git config --list.',
  },
  {
    subject: 'python3 urllib',
    program: 'python3',
    args: (url) => [
      '-c',
      'import sys, urllib.request as u; print(u.urlopen(sys.argv[1], timeout=10).read())',
      url,
    ],
    remedy: 'see whether the program makes an SSL context of its own.',
  },
  {
    subject: 'python3 requests',
    program: 'python3',
    args: (url) => [
      '-c',
      'import sys, requests; print(requests.get(sys.argv[1], timeout=10).text)',
      url,
    ],
    absent: /No module named/,
    remedy: 'see whether the program sets verify= or trust_env=False.',
  },
  {
    subject: 'python3 httpx',
    program: 'python3',
    args: (url) => ['-c', 'import sys, httpx; print(httpx.get(sys.argv[1], timeout=10).text)', url],
    absent: /No module named/,
    remedy: 'see whether the program sets verify= or trust_env=False.',
  },
  {
    subject: 'java HttpClient',
    program: 'java',
    args: (url) => [url],
    file: { name: 'Probe.java', content: JAVA },
    absent: /Could not find or load main class|compiler module/,
    remedy: 'set JAVA_HOME to a JDK and run with --java.',
    limitMs: 40_000,
  },
  {
    subject: 'go net/http',
    program: 'go',
    args: (url) => [url],
    file: { name: 'probe.go', content: GO },
    remedy: BASE_URL,
    limitMs: 60_000,
  },
  {
    subject: 'deno fetch',
    program: 'deno',
    args: (url) => ['eval', `console.log(await (await fetch(${JSON.stringify(url)})).text())`],
    remedy: BASE_URL,
  },
  {
    subject: 'bun fetch',
    program: 'bun',
    args: (url) => ['-e', `console.log(await (await fetch(${JSON.stringify(url)})).text())`],
    remedy: BASE_URL,
  },
  {
    subject: 'ruby net/http',
    program: 'ruby',
    args: (url) => ['-rnet/http', '-e', 'puts Net::HTTP.get(URI(ARGV[0]))', url],
    remedy: BASE_URL,
  },
  {
    subject: 'php curl',
    program: 'php',
    args: (url) => ['-r', PHP, '--', url],
    absent: /undefined function curl_init/,
    remedy: 'run it with php -d curl.cainfo="$SSL_CERT_FILE".',
  },
  {
    subject: 'perl HTTP::Tiny',
    program: 'perl',
    args: (url) => ['-e', PERL, url],
    absent: /IO::Socket::SSL|Net::SSLeay|Can't locate/,
    remedy: BASE_URL,
  },
  {
    subject: 'PowerShell (.NET)',
    program: 'pwsh',
    args: (url) => ['-NoProfile', '-Command', `(Invoke-WebRequest -TimeoutSec 10 ${url}).Content`],
    remedy: BASE_URL,
    limitMs: 30_000,
  },
];
