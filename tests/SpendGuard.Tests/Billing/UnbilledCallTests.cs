using SpendGuard.Billing;

namespace SpendGuard.Tests.Billing;

/// <summary>Which failures prove that no provider took a request up.</summary>
public sealed class UnbilledCallTests
{
    public static TheoryData<string, Exception?, bool> Failures => new()
    {
        { "no name", new HttpRequestException(HttpRequestError.NameResolutionError), true },
        { "no connection", new HttpRequestException(HttpRequestError.ConnectionError), true },
        { "refused stream", OfStream(7), true },
        { "rejected request, by HTTP/3", OfStream(0x10b), true },
        { "repeated by the connection", new HttpRequestException("Failed.", new NotTakenUpException()), true },
        { "protocol error", OfStream(1), false },
        { "internal error", OfStream(2), false },
        { "cancelled stream", OfStream(8), false },
        { "gone away, with no error", OfStream(0), false },
        { "request cancelled, by HTTP/3", OfStream(0x10c), false },
        { "cut", new HttpRequestException(HttpRequestError.ResponseEnded), false },
        { "of nothing known", new HttpRequestException("Failed."), false },
        { "of no request", new InvalidOperationException(), false },
        { "none", null, false },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Failure_ProvesThatNothingWasTakenUp(string _, Exception? failure, bool proves) => Assert.Equal(proves, UnbilledCall.NeverSent(failure));

    private static HttpRequestException OfStream(long code) =>
        new(HttpRequestError.HttpProtocolError, inner: new HttpProtocolException(code, "The stream was reset.", innerException: null));
}
