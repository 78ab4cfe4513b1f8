using System.Net.Http.Headers;
using System.Text.Json;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Batches;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Batches;

/// <summary>What OpenAI keeps for batches: their requests and results as files. None of it is billed.</summary>
internal sealed class OpenAIFiles(FreeRequest request, SidecarSettings settings)
{
    /// <summary>Where they are at the provider.</summary>
    public const string Path = "/files";

    /// <summary>What files of batches are kept for.</summary>
    public const string Purpose = "batch";

    private static readonly MediaTypeHeaderValue Lines = new("application/jsonl");

    /// <summary>Where the content of one is.</summary>
    public static string ContentOf(string file) => $"{Path}/{file}/content";

    /// <summary>Has a file kept.</summary>
    /// <param name="provider">Who keeps it.</param>
    /// <param name="content">Its content.</param>
    /// <param name="name">Its name.</param>
    /// <param name="more">What else is said of it.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for it any more.</param>
    /// <returns>The provider's answer.</returns>
    public async Task<(int Status, byte[] Body)> KeepAsync(
        Provider provider, HttpContent content, string name, IEnumerable<KeyValuePair<string, string>> more, CancellationToken cancellationToken)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(Purpose), "purpose");
        foreach (var (field, value) in more)
        {
            form.Add(new StringContent(value), field);
        }

        content.Headers.ContentType = Lines;
        form.Add(content, "file", name);
        return await request.SendAsync(provider, HttpMethod.Post, Path, form, settings.MaxAnswerBytes, cancellationToken);
    }

    /// <summary>Has the requests of a batch kept, and returns the id of their file.</summary>
    /// <exception cref="NotSentException">They are not kept, so no batch is made of them.</exception>
    /// <exception cref="ProviderRefusedException">The provider does not keep them, and says why.</exception>
    public async Task<string> KeepAsync(Provider provider, ReadOnlyMemory<byte> requests, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ReadOnlyMemoryContent(requests);
            var (status, body) = await KeepAsync(provider, content, "batch.jsonl", [], cancellationToken);
            if (status >= StatusCodes.Status400BadRequest)
            {
                throw new ProviderRefusedException(status, body);
            }

            using var document = AnswerJson.TryParseObject(body);
            return document?.RootElement.Find("id")?.TextOrNull() is { Length: > 0 } id
                ? id
                : throw new HttpRequestException($"{provider.Name} did not keep the requests of a batch: it answered {status}.");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
        {
            throw new NotSentException(exception);
        }
    }

    /// <summary>The content of a file of requests.</summary>
    /// <exception cref="BadRequestException">The provider has no such file, or it is too large.</exception>
    /// <exception cref="ProviderRefusedException">It does not give it now, and says why.</exception>
    /// <exception cref="HttpRequestException">It gave none.</exception>
    public async Task<byte[]> ReadAsync(Provider provider, string file, CancellationToken cancellationToken)
    {
        var most = (int)Math.Min(settings.MaxRequestBytes, int.MaxValue - 1);
        var (status, content) = await request.SendAsync(provider, HttpMethod.Get, ContentOf(file), content: null, most + 1, cancellationToken);
        return status switch
        {
            StatusCodes.Status200OK when content.Length <= most => content,
            StatusCodes.Status200OK => throw new BadRequestException($"The file of the batch is larger than {most} bytes (SPENDGUARD_MAX_REQUEST_BYTES). Make several of it."),
            StatusCodes.Status400BadRequest or StatusCodes.Status404NotFound => throw new BadRequestException($"{provider.Name} gives no file '{file}': it answered with status {status}. Upload the requests first, for the purpose '{Purpose}'."),
            >= StatusCodes.Status400BadRequest => throw new ProviderRefusedException(status, content),
            _ => throw new HttpRequestException($"{provider.Name} did not give the requests of a batch: it answered {status}."),
        };
    }
}
