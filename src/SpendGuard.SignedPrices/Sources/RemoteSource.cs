using System.Net;
using System.Net.Http.Headers;

namespace SpendGuard.SignedPrices.Sources;

/// <summary>A server of documents.</summary>
internal sealed class RemoteSource : IDocumentSource, IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        // As for providers: a document comes from the address that is set, and from nowhere else.
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    });

    private readonly Uri _url;
    private readonly SignedPriceOptionNames _names;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public RemoteSource(Uri url, SignedPriceOptions options, TimeProvider time)
    {
        _url = url;
        _names = options.Names;
        _timeout = options.Timeout;
        _time = time;
        Name = _url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
    }

    /// <inheritdoc/>
    /// <remarks>Without user and query, which may hold a secret.</remarks>
    public string Name { get; }

    public async Task<FetchedDocument?> FetchAsync(string? knownTag, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await SendAsync(knownTag, giveUp.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new DocumentFetchException(
                $"The {_names.Server} did not answer within {_timeout.TotalSeconds} seconds. Check {_names.Source} and {_names.Timeout}.",
                exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new DocumentFetchException($"The {_names.Server} cannot be reached ({exception.Message.TrimEnd('.')}). Check {_names.Source}.", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<FetchedDocument?> SendAsync(string? knownTag, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        if (knownTag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", knownTag);
        }

        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotModified && knownTag is not null)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new DocumentFetchException(
                $"The {_names.Server} answered with status {(int)response.StatusCode} and not with a document. Check {_names.Source}; redirects are not followed.");
        }

        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var closed = body.ConfigureAwait(false);
        var text = await LimitedReader.ReadAsync(body, cancellationToken).ConfigureAwait(false);

        // As it stands, not as it is parsed: servers send tags that no grammar allows and want the same back.
        var tag = response.Headers.NonValidated.TryGetValues("ETag", out var tags) ? tags.ToString() : null;
        return new FetchedDocument(text, string.IsNullOrEmpty(tag) ? null : tag);
    }
}
