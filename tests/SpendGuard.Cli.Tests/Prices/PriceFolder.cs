using Microsoft.Extensions.Time.Testing;

namespace SpendGuard.Cli.Tests.Prices;

/// <summary>A folder with a price document in it, and a command line that works there.</summary>
internal sealed class PriceFolder : IDisposable
{
    /// <summary>A document that lacks what signing adds, with numbers that have to stay as they are written.</summary>
    public const string Document = """
        {"generated_at":"2026-11-01T00:00:00Z","rates":{"openai":{"gpt-4o-mini":{"input_cents_per_1m":15.0,"output_cents_per_1m":6e1,"max_input_tokens":128000,"max_output_tokens":16384,"note":"é"}}}}
        """;

    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spendguard-prices-");

    public PriceFolder()
    {
        Write("prices.json", Document);
        Cli = At();
    }

    public FakeTimeProvider Time { get; } = new(Start);

    public Cli Cli { get; }

    public static string Sample(params string[] path) => Path.Combine([AppContext.BaseDirectory, "Prices", .. path]);

    public Cli At(bool terminal = false) => new() { Folder = _folder.FullName, Time = Time, IsTerminal = terminal };

    public string PathOf(string file) => Path.Combine(_folder.FullName, file);

    public string Read(string file) => File.ReadAllText(PathOf(file));

    public void Write(string file, string text) => File.WriteAllText(PathOf(file), text);

    /// <summary>A key pair in prices.key; gives the public key.</summary>
    public async Task<string> KeygenAsync() => (await Cli.RunAsync("prices keygen --out prices.key")).Value("CAP_PRICING_SIGNING_PUBLIC_KEY");

    public void Dispose() => _folder.Delete(recursive: true);
}
