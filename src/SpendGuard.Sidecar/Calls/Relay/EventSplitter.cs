using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

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
        var scan = default(Scan);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (scan.EndOfEvent(buffer) is { } end)
                {
                    yield return buffer.Slice(0, end).ToArray();
                    buffer = buffer.Slice(end);
                }

                if ((read.IsCompleted || buffer.Length > LongestEvent) && !buffer.IsEmpty)
                {
                    yield return buffer.ToArray();
                    buffer = buffer.Slice(buffer.End);
                    scan = default;
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

    /// <summary>How far an event has been looked through, so that a long one is not looked through again with each piece that comes.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Scan
    {
        private long _lineStart;
        private long _seen;

        /// <summary>The position after the first blank line, whatever the line ends are; null while there is none.</summary>
        public SequencePosition? EndOfEvent(ReadOnlySequence<byte> buffer)
        {
            var sequence = new SequenceReader<byte>(buffer);
            sequence.Advance(_seen);
            while (sequence.TryAdvanceToAny("\r\n"u8, advancePastDelimiter: false))
            {
                var isBlank = sequence.Consumed == _lineStart;
                _seen = sequence.Consumed;
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
                    this = default;
                    return sequence.Position;
                }

                _lineStart = sequence.Consumed;
            }

            _seen = buffer.Length;
            return null;
        }
    }
}
