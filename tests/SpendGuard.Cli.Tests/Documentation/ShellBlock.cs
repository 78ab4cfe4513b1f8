using SpendGuard.Testing;

namespace SpendGuard.Cli.Tests.Documentation;

/// <summary>A block of shell commands of a page, as it is printed.</summary>
internal sealed record ShellBlock(string Page, string Text)
{
    private static readonly string[] Fences = ["```", "```bash", "```sh", "```shell"];

    public string FirstLine => Text.Split('\n')[0];

    /// <summary>The blocks of a page that a reader would paste into a shell: fenced without a language, or with that of a shell.</summary>
    public static IReadOnlyList<ShellBlock> In(string page)
    {
        var blocks = new List<ShellBlock>();
        List<string>? lines = null;
        var isShell = false;
        foreach (var line in File.ReadLines(Repository.Path(page)))
        {
            if (lines is null && line.StartsWith("```", StringComparison.Ordinal))
            {
                isShell = Fences.Contains(line.TrimEnd());
                lines = [];
            }
            else if (lines is not null && line.TrimEnd() == "```")
            {
                if (isShell)
                {
                    blocks.Add(new ShellBlock(page, string.Join('\n', lines)));
                }

                lines = null;
            }
            else
            {
                lines?.Add(line);
            }
        }

        return blocks;
    }
}
