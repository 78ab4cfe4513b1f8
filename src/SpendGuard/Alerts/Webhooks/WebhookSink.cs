using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace SpendGuard.Alerts.Webhooks;

/// <summary>Sends alerts to an address on the web, in the form of Standard Webhooks: <c>webhook-id</c>, <c>webhook-timestamp</c>, <c>webhook-signature</c>.</summary>
/// <remarks>
/// The id is the alert's, and stays so when it is sent again. Any 2xx says that it was taken. Redirects are not followed, no proxy is used, and
/// nothing is read of an answer but its head.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class WebhookSink : ISpendAlertSink, IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly Uri _address;
    private readonly IReadOnlyList<WebhookSecret> _secrets;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <summary>Sets up what is to be sent to an address.</summary>
    /// <param name="address">The address: https, or http on this machine.</param>
    /// <param name="secrets">What requests are signed with; more than one while a receiver changes from one to the next.</param>
    /// <param name="publicOnly">Whether it has to be on the public internet, and https: where not everybody who sets an address is trusted.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">There is no secret, or no webhook may go to the address.</exception>
    public WebhookSink(Uri address, IReadOnlyList<WebhookSecret> secrets, bool publicOnly, TimeProvider? time = null)
        : this(address, secrets, new WebhookAddresses(publicOnly, Dns.GetHostAddressesAsync), time ?? TimeProvider.System)
    {
    }

    internal WebhookSink(Uri address, IReadOnlyList<WebhookSecret> secrets, WebhookAddresses addresses, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(secrets);
        addresses.Check(address);
        if (secrets.Count == 0)
        {
            throw new ArgumentException("A webhook needs a secret, by which its receiver knows who sends.", nameof(secrets));
        }

        (_address, _secrets, _time) = (address, secrets, time);

        // An address may have a secret in it, and two may share a host.
        Name = $"webhook {address.Authority} {MarkOf(address.AbsoluteUri)}";
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 1024,
            ConnectCallback = addresses.ConnectAsync,
        });
    }

    /// <summary>The host, and by a hash which of its addresses: nothing of it is secret.</summary>
    public string Name { get; }

    /// <summary>
    /// Whose alerts they are, where one address gets those of several stores: it stands in the body, and in what the ids end with, since two
    /// stores may tell of the same.
    /// </summary>
    public string? Organization { get; init; }

    /// <summary>
    /// Finds where people approve what an alert asks for; null where there is no such place. It is asked each time an alert is sent, and what it
    /// answers stands in the body as <c>approve_url</c>.
    /// </summary>
    public Func<Alert, CancellationToken, ValueTask<string?>>? FindApproveUrl { get; init; }

    /// <inheritdoc/>
    public async ValueTask SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        var approveUrl = FindApproveUrl is { } find ? await find(alert, cancellationToken).ConfigureAwait(false) : null;
        using var request = Request(Organization is { } organization ? alert with { Id = $"{alert.Id}_{MarkOf(organization)}" } : alert, approveUrl);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            Judge(response);
        }
        catch (HttpRequestException exception)
        {
            throw exception.InnerException as NotDeliveredException ?? new NotDeliveredException(ReasonOf(exception));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static string MarkOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 4));

    private HttpRequestMessage Request(Alert alert, string? approveUrl)
    {
        var body = AlertJson.WriteUtf8(alert, Organization, approveUrl);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        request.Headers.Add("User-Agent", "SpendGuard");
        request.Headers.Add("webhook-id", alert.Id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString());
        request.Headers.TryAddWithoutValidation("webhook-signature", string.Join(' ', _secrets.Select(secret => secret.Sign(alert.Id, timestamp, body))));
        return request;
    }

    private void Judge(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        if (status is >= 200 and < 300)
        {
            return;
        }

        throw new NotDeliveredException(status is >= 300 and < 400
            ? $"It answered {status}, which leads elsewhere and is not followed. Set the webhook to the address where the receiver is now."
            : $"It answered {status}.")
        {
            RetryAfter = RetryAfter(response),
            IsGone = response.StatusCode == HttpStatusCode.Gone,
        };
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    /// <summary>What an operator can do something with; the address itself may have a secret in it.</summary>
    private static string ReasonOf(HttpRequestException exception) => exception.InnerException is SocketException socket
        ? $"It could not be reached: {socket.SocketErrorCode}."
        : $"It could not be reached: {exception.HttpRequestError}.";
}
