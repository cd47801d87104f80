/** How one kind of program or system is told to trust a certificate. */
export interface TrustAdvice {
  readonly for: string;
  /** A command, a variable, or where to click. */
  readonly how: string;
}

/** A path as a word of a POSIX shell. */
function shellWord(path: string): string {
  return /^[\w./@:+-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** Says for everything that is common how to trust a certificate. */
export function trustAdvice(certificateFile: string): readonly TrustAdvice[] {
  const file = shellWord(certificateFile);
  return [
    { for: 'Node.js', how: `NODE_EXTRA_CA_CERTS=${file}` },
    { for: 'curl', how: `curl --cacert ${file} (or CURL_CA_BUNDLE=${file})` },
    { for: 'Python', how: `SSL_CERT_FILE=${file}, for requests REQUESTS_CA_BUNDLE=${file}` },
    { for: 'Go', how: `SSL_CERT_FILE=${file} (on Linux)` },
    {
      for: 'Java',
      how: `keytool -importcert -noprompt -cacerts -storepass changeit -alias calltape -file ${file}`,
    },
    {
      for: 'Firefox',
      how: `Settings, Privacy & Security, View Certificates, Authorities, Import: ${certificateFile}`,
    },
    {
      for: 'Debian, Ubuntu',
      how: `sudo cp ${file} /usr/local/share/ca-certificates/calltape.crt && sudo update-ca-certificates`,
    },
    {
      for: 'Fedora, RHEL',
      how: `sudo cp ${file} /etc/pki/ca-trust/source/anchors/calltape.pem && sudo update-ca-trust`,
    },
    {
      for: 'macOS',
      how: `security add-trusted-cert -r trustRoot -k ~/Library/Keychains/login.keychain-db ${file}`,
    },
    { for: 'Windows', how: `certutil -user -addstore Root "${certificateFile}"` },
  ];
}
