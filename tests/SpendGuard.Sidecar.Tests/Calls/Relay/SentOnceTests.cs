using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Tests.Forwarding;

/// <summary>A body that one hold pays for does not go out twice.</summary>
public sealed class SentOnceTests
{
    [Fact]
    public async Task SecondSending_IsRefused()
    {
        using var content = new SentOnce("{}"u8.ToArray());
        using var sent = new MemoryStream();
        await content.CopyToAsync(sent);

        await Assert.ThrowsAsync<InvalidOperationException>(() => content.CopyToAsync(sent));
        Assert.Equal("{}"u8.ToArray(), sent.ToArray());
        Assert.Equal(2, content.Headers.ContentLength);
    }
}
