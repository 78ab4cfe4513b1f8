using System.Text.Json;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;

namespace SpendGuard.Sidecar.Calls.Batches;

/// <summary>What a provider says of a batch before its results are fetched: where they are, and how many there have to be.</summary>
internal static class BatchDescription
{
    private const int MostBytes = 1024 * 1024;

    /// <param name="request">Asks for it.</param>
    /// <param name="batch">What is asked for.</param>
    /// <param name="id">The provider's id of the batch.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <exception cref="ProviderRefusedException">The provider does not tell, and says why.</exception>
    /// <exception cref="HttpRequestException">It does not tell.</exception>
    public static async Task<JsonElement> OfAsync(FreeRequest request, Call batch, string id, CancellationToken cancellationToken)
    {
        var (status, body) = await request.SendAsync(
            batch.Route.Provider, HttpMethod.Get, $"{batch.Route.Path}/{id}", content: null, MostBytes, cancellationToken);
        if (status >= StatusCodes.Status400BadRequest)
        {
            throw new ProviderRefusedException(status, body);
        }

        using var document = AnswerJson.TryParseObject(body);
        return document?.RootElement.Clone() ?? throw new HttpRequestException($"{batch.Provider} did not tell of a batch: it answered {status}.");
    }
}
