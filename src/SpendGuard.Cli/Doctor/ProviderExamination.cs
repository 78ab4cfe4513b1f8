using System.Globalization;
using SpendGuard.Cli.Connection;

namespace SpendGuard.Cli.Doctor;

/// <summary>
/// Has the sidecar ask each provider that has a key for its models, which costs nothing. One whose key does not work is a fault where it was
/// asked for, or where none works.
/// </summary>
/// <param name="sidecar">The sidecar; the keys stay there.</param>
/// <param name="providers">The providers that there are.</param>
/// <param name="wanted">The one that was asked for; null for none.</param>
internal sealed class ProviderExamination(SidecarClient sidecar, IReadOnlyList<ProviderView> providers, string? wanted)
{
    public async Task<Finding> RunAsync(CancellationToken stop)
    {
        var asked = providers.Where(provider => wanted is null ? provider.Key == "set" : provider.Name == wanted).ToList();
        try
        {
            var found = await Task.WhenAll(asked.Select(async provider => (provider.KeyVariable, View: (await sidecar.CheckProviderAsync(provider.Name, stop)).Body)));
            return Judge(found);
        }
        catch (HttpFailureException failure) when (failure.Status is 401 or 403)
        {
            return Finding.Good("not tried, as that takes the key that budgets are set with");
        }
        catch (HttpFailureException failure) when (failure.Status is 404)
        {
            return Finding.Good("not tried, as the sidecar does not do that: it is hosted, or older than this command");
        }
    }

    private static Finding Judge((string? KeyVariable, ProviderCheckView View)[] found)
    {
        var sentence = found.Length == 0 ? "none has a key that could be tried" : string.Join("; ", found.Select(provider => Sentence(provider.View)));
        var broken = found.Where(provider => !Works(provider.View)).ToList();
        if (broken.Count == 0)
        {
            return Finding.Good(sentence);
        }

        var remedy = string.Join(' ', broken.Select(provider => Remedy(provider.KeyVariable, provider.View)).Distinct(StringComparer.Ordinal));
        return broken.Count < found.Length ? new Finding("", Verdict.Warning, sentence, remedy) : throw new CheckFailedException(sentence, remedy);
    }

    private static bool Works(ProviderCheckView provider) => provider.Result is "accepted" or "reached";

    private static string Sentence(ProviderCheckView provider) => $"{provider.Provider}: " + provider.Result switch
    {
        "accepted" => Took("key accepted", provider),
        "reached" => Took("reached, no key needed", provider),
        "refused" => Took($"key refused with HTTP {Status(provider)}", provider),
        "unreachable" => Took($"unreachable ({provider.Reason})", provider),
        _ => Took($"answered with HTTP {Status(provider)}", provider),
    };

    private static string Took(string what, ProviderCheckView provider) => string.Create(CultureInfo.InvariantCulture, $"{what}, {provider.Milliseconds} ms");

    private static string Status(ProviderCheckView provider) => provider.HttpStatus?.ToString(CultureInfo.InvariantCulture) ?? "?";

    private static string Remedy(string? keyVariable, ProviderCheckView provider) => provider.Result switch
    {
        "refused" => $"Set {keyVariable ?? $"the key of {provider.Provider}"} for the sidecar to a key that {provider.Provider} takes, and start it again.",
        "unreachable" => $"See to the network of the sidecar's machine, and to the base URL of {provider.Provider} in its settings.",
        _ => $"See to the base URL of {provider.Provider} in the sidecar's settings, or try again later.",
    };
}
