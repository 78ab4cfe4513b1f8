using Microsoft.Extensions.Configuration;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>A source of settings that has none, and remembers which it was asked for.</summary>
internal sealed class AskedSettings : ConfigurationProvider, IConfigurationSource
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlySet<string> Names => _names;

    public override bool TryGet(string key, out string? value)
    {
        _names.Add(key);
        value = null;
        return false;
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;
}
