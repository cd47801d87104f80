import { expect, it } from 'vitest';
import { multipartParts } from '../src/multipart.ts';

function body(boundary: string, value: string): Buffer {
  return Buffer.from(
    `--${boundary}\r\ncontent-disposition: form-data; name="a"\r\n\r\n${value}\r\n--${boundary}--\r\n`,
  );
}

it('gives the same parts whatever the boundary', () => {
  const one = multipartParts(body('xyz', '1'), 'multipart/form-data; boundary=xyz');
  const two = multipartParts(body('----W 8', '1'), 'multipart/form-data; boundary="----W 8"');
  expect(one).toEqual(two);
  expect(one).not.toEqual(multipartParts(body('q', '2'), 'multipart/form-data; boundary=q'));
});

it('gives up without a boundary, or when the body does not use it', () => {
  expect(multipartParts(body('x', '1'), 'multipart/form-data')).toBeUndefined();
  expect(multipartParts(Buffer.from('abc'), 'multipart/form-data; boundary=x')).toBeUndefined();
});
