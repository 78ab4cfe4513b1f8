using System.Globalization;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Providers;

namespace SpendGuard.Sidecar.Readiness;

/// <summary>Asks a provider for its models, which costs nothing, to see whether it can be reached and takes the key that is set.</summary>
internal sealed class ProviderCheck(FreeRequest request, TimeProvider time)
{
    private const int MostBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<ProviderChecked> RunAsync(Provider provider, CancellationToken cancellationToken)
    {
        if (!provider.IsUsable)
        {
            return new ProviderChecked(provider.Name, ProviderChecked.Missing, HttpStatus: null, Milliseconds: 0, Reason: null);
        }

        var begun = time.GetTimestamp();
        var (result, status, reason) = await AskAsync(provider, cancellationToken);
        return new ProviderChecked(provider.Name, result, status, (long)time.GetElapsedTime(begun).TotalMilliseconds, reason);
    }

    private async Task<(string Result, int? Status, string? Reason)> AskAsync(Provider provider, CancellationToken cancellationToken)
    {
        using var timeUp = new CancellationTokenSource(Patience, time);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeUp.Token);
        try
        {
            var (status, _) = await request.SendAsync(provider, HttpMethod.Get, provider.Wing.ModelList, content: null, MostBytes, patience.Token);
            return (ResultOf(status, provider.NeedsKey), status, null);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (ProviderChecked.Unreachable, null, string.Create(CultureInfo.InvariantCulture, $"no answer came within {Patience.TotalSeconds} seconds"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return (ProviderChecked.Unreachable, null, exception.Message.TrimEnd('.'));
        }
    }

    /// <summary>There is nothing in the request that could be wrong but the key, which some answer with 400.</summary>
    private static string ResultOf(int status, bool needsKey) => status switch
    {
        >= 200 and < 300 => needsKey ? ProviderChecked.Accepted : ProviderChecked.Reached,
        StatusCodes.Status400BadRequest or StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden => ProviderChecked.Refused,
        _ => ProviderChecked.Unclear,
    };
}
