using System.Buffers;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>The body of an answer that comes as a whole.</summary>
internal static class AnswerBody
{
    private const int PieceSize = 16 * 1024;

    /// <summary>Reads it as far as it comes.</summary>
    /// <param name="content">The answer.</param>
    /// <param name="most">The most bytes that are read.</param>
    /// <param name="upstream">Cancelled when it is no longer read.</param>
    /// <returns>What came; and whether that is all of it, or all but the end of its connection.</returns>
    public static async Task<(byte[] Body, bool IsWhole)> ReadAsync(HttpContent content, int most, CancellationToken upstream)
    {
        var body = new ArrayBufferWriter<byte>();
        try
        {
            await using var stream = await content.ReadAsStreamAsync(upstream);
            while (body.WrittenCount <= most)
            {
                var read = await stream.ReadAsync(body.GetMemory(PieceSize), upstream);
                if (read == 0)
                {
                    return (body.WrittenSpan.ToArray(), IsWhole: true);
                }

                body.Advance(read);
            }

            return (body.WrittenSpan[..most].ToArray(), IsWhole: false);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            var came = body.WrittenSpan.ToArray();
            return (came, CutJson.IsWhole(came));
        }
    }
}
