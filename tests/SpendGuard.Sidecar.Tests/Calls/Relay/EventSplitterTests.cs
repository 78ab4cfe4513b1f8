using System.IO.Pipelines;
using System.Text;
using SpendGuard.Sidecar.Calls.Relay;

namespace SpendGuard.Sidecar.Tests.Calls.Relay;

/// <summary>Wherever the network cuts a stream, the events are the same, and together they are what came.</summary>
public sealed class EventSplitterTests
{
    private const string Events = ": hello\n\nevent: a\ndata: {\"x\":1}\n\ndata: é😀\ndata: two\n\n\ndata: [DONE]\n\ndata: no end";

    public static TheoryData<string> LineEnds => ["\n", "\r\n", "\r"];

    [Theory]
    [MemberData(nameof(LineEnds))]
    public async Task Split_AtEveryByte_GivesTheSameEvents(string lineEnd)
    {
        var bytes = Encoding.UTF8.GetBytes(Events.Replace("\n", lineEnd, StringComparison.Ordinal));
        var whole = await SplitAsync(bytes);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Assert.Equal(whole, await SplitAsync(bytes[..cut], bytes[cut..]));
        }

        Assert.Equal(whole, await SplitAsync([.. bytes.Select(one => new[] { one })]));
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(string.Concat(whole)));
        Assert.Equal(6, whole.Count);
    }

    [Theory]
    [MemberData(nameof(LineEnds))]
    public async Task Data_IsThatOfEachEvent(string lineEnd)
    {
        var bytes = Encoding.UTF8.GetBytes(Events.Replace("\n", lineEnd, StringComparison.Ordinal));
        var data = (await SplitAsync(bytes)).Select(one => Encoding.UTF8.GetString(EventData.Of(Encoding.UTF8.GetBytes(one))));

        Assert.Equal(["", "{\"x\":1}", "é😀\ntwo", "", "[DONE]", "no end"], data);
    }

    [Fact]
    public async Task MixedLineEnds_AreAllTaken() =>
        Assert.Equal(["data: a\r\n\n", "data: b\n\r\n", "data: c\r\r\n", "data: d\n\r"], await SplitAsync("data: a\r\n\ndata: b\n\r\ndata: c\r\r\ndata: d\n\r"u8.ToArray()));

    [Fact]
    public async Task Event_IsThereBeforeTheNextBegins()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("data: a\r\n\r\n"u8.ToArray());
        await using var events = EventSplitter.SplitAsync(pipe.Reader.AsStream(), CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await events.MoveNextAsync());
        Assert.Equal("data: a\r\n\r\n", Encoding.UTF8.GetString(events.Current.Span));
        await pipe.Writer.CompleteAsync();
        Assert.False(await events.MoveNextAsync());
    }

    [Fact]
    public async Task NoBlankLine_IsPassedOnInPieces()
    {
        var bytes = new byte[40 * 1024 * 1024];
        Array.Fill(bytes, (byte)'x');
        var length = 0L;
        await foreach (var piece in EventSplitter.SplitAsync(new MemoryStream(bytes), CancellationToken.None))
        {
            Assert.InRange(piece.Length, 1, 17 * 1024 * 1024);
            length += piece.Length;
        }

        Assert.Equal(bytes.Length, length);
    }

    private static async Task<List<string>> SplitAsync(params byte[][] pieces)
    {
        var events = new List<string>();
        await foreach (var one in EventSplitter.SplitAsync(new PiecewiseStream(pieces), CancellationToken.None))
        {
            events.Add(Encoding.UTF8.GetString(one.Span));
        }

        return events;
    }

    /// <summary>Gives one piece for each read.</summary>
    private sealed class PiecewiseStream(byte[][] pieces) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_next == pieces.Length)
            {
                return ValueTask.FromResult(0);
            }

            var piece = pieces[_next++];
            piece.CopyTo(buffer);
            return ValueTask.FromResult(piece.Length);
        }
    }
}
