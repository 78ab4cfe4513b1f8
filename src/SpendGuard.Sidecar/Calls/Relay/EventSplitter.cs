using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace SpendGuard.Sidecar.Calls.Relay;

/// <summary>Cuts a stream of server-sent events into its events, each with the blank line that ends it.</summary>
internal static class EventSplitter
{
    /// <summary>What comes without a blank line for longer than this is passed on in pieces.</summary>
    private const int LongestEvent = 16 * 1024 * 1024;

    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> SplitAsync(
        Stream body, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(body, new StreamPipeReaderOptions(leaveOpen: true));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (EndOfEvent(buffer) is { } end)
                {
                    yield return buffer.Slice(0, end).ToArray();
                    buffer = buffer.Slice(end);
                }

                if ((read.IsCompleted || buffer.Length > LongestEvent) && !buffer.IsEmpty)
                {
                    yield return buffer.ToArray();
                    buffer = buffer.Slice(buffer.End);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>The position after the first blank line, whatever the line ends are; null while there is none.</summary>
    private static SequencePosition? EndOfEvent(ReadOnlySequence<byte> buffer)
    {
        var sequence = new SequenceReader<byte>(buffer);
        while (true)
        {
            var start = sequence.Consumed;
            if (!sequence.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false))
            {
                return null;
            }

            var isBlank = sequence.Consumed == start;
            sequence.TryRead(out var end);
            if (end == '\r')
            {
                // Whether a line feed belongs to it is not known before the next byte is here.
                if (!sequence.TryPeek(out var next))
                {
                    return null;
                }

                if (next == '\n')
                {
                    sequence.Advance(1);
                }
            }

            if (isBlank)
            {
                return sequence.Position;
            }
        }
    }
}
