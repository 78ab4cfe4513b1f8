using System.IO.Compression;

namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>Undoes a compression that was not asked for, which a server may choose all the same: what is compressed tells no cost.</summary>
internal static class UnaskedEncoding
{
    public static async Task UndoAsync(HttpResponseMessage response)
    {
        var content = response.Content;
        if (content.Headers.ContentEncoding is not { Count: 1 } encodings || Decoder(encodings.Single()) is not { } decoder)
        {
            return;
        }

        var plain = new StreamContent(decoder(await content.ReadAsStreamAsync(CancellationToken.None)));
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            if (name is not ("Content-Encoding" or "Content-Length" or "Content-MD5"))
            {
                plain.Headers.TryAddWithoutValidation(name, values);
            }
        }

        response.Content = plain;
    }

    private static Func<Stream, Stream>? Decoder(string encoding) => encoding.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => static stream => new GZipStream(stream, CompressionMode.Decompress),
        "BR" => static stream => new BrotliStream(stream, CompressionMode.Decompress),
        "DEFLATE" => static stream => new ZLibStream(stream, CompressionMode.Decompress),
        _ => null,
    };
}
