using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>Splits results into lines, with what ends each.</summary>
internal static class ResultLines
{
    /// <param name="results">The results.</param>
    /// <param name="longest">The longest line, in bytes.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="InvalidDataException">A line is longer.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> SplitAsync(
        Stream results, int longest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(results, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, rest.GetPosition(1, end));
                    yield return line.ToArray();
                    rest = rest.Slice(line.End);
                }

                if (read.IsCompleted)
                {
                    if (!rest.IsEmpty)
                    {
                        yield return rest.ToArray();
                    }

                    yield break;
                }

                if (rest.Length > longest)
                {
                    throw new InvalidDataException($"A line is longer than {longest} bytes.");
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }
}
