using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls.Upstream;

/// <summary>Asks a provider for something that the sidecar itself has to know or to have kept, and that costs nothing.</summary>
internal sealed class FreeRequest(ProviderClient client, SidecarSettings settings, TimeProvider time)
{
    /// <param name="provider">Who is asked.</param>
    /// <param name="method">How.</param>
    /// <param name="path">The path at the provider, from its base address on.</param>
    /// <param name="content">What is sent; null for nothing.</param>
    /// <param name="most">The most bytes of an answer that are read.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <returns>The status, and the body as far as it was to be read.</returns>
    /// <exception cref="HttpRequestException">No whole answer came.</exception>
    public async Task<(int Status, byte[] Body)> SendAsync(
        Provider provider, HttpMethod method, string path, HttpContent? content, int most, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(settings.ProviderTimeout, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        using var request = new HttpRequestMessage(method, new Uri(provider.BaseAddress + path)) { Content = content };
        provider.Authorize(request);
        using var response = await client.Invoker.SendAsync(request, patience.Token);
        await UnaskedEncoding.UndoAsync(response);
        var (body, isWhole) = await AnswerBody.ReadAsync(response.Content, most, patience.Token);
        return isWhole || body.Length == most ? ((int)response.StatusCode, body) : throw new HttpRequestException($"An answer of {provider.Name} broke off.");
    }
}
