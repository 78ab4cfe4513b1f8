using SpendGuard.Clients.Tests.Programs;

namespace SpendGuard.Clients.Tests.Table;

/// <summary>
/// The table of programs in references/clients.md. Every test of the suite holds its cell to what it saw, or writes it where
/// <c>SPENDGUARD_WRITE_CLIENT_TABLE</c> is set.
/// </summary>
internal static class ClientTable
{
    private const string Start = "| Program | Version |";

    /// <summary>What the table tells of a program, from its name on.</summary>
    private static readonly string[] Columns = ["Program", "Version", "Works", "Agent by", "At the end of the budget", "Overloaded provider"];

    private static string Page => Repository.Path("references", "clients.md");

    /// <summary>The programs that the table has, with their versions.</summary>
    public static IReadOnlyList<(string Program, string Version)> Rows => [.. Read().Rows.Select(row => (row[0], row[1]))];

    public static void Check(ClientProgram program, string column, string seen)
    {
        if (Environment.GetEnvironmentVariable("SPENDGUARD_WRITE_CLIENT_TABLE") is { Length: > 0 })
        {
            Write(program, column, seen);
        }

        var row = Read().Rows.SingleOrDefault(row => IsOf(row, program));
        Assert.True(row is not null, $"{Page} has no row for {program.Title}. Run the suite with SPENDGUARD_WRITE_CLIENT_TABLE=1.");
        Assert.Equal($"{program.Title}, {column}: {seen}", $"{program.Title}, {column}: {row[Array.IndexOf(Columns, column)]}");
    }

    private static void Write(ClientProgram program, string column, string seen)
    {
        var (before, rows, after) = Read();
        var known = ClientPrograms.All
            .Select(one => rows.SingleOrDefault(row => IsOf(row, one)) ?? [one.Name, one.Version, .. Columns[2..].Select(_ => "?")])
            .ToList();
        known.Single(row => IsOf(row, program))[Array.IndexOf(Columns, column)] = seen;
        File.WriteAllLines(Page, [.. before, .. known.Select(row => $"| {string.Join(" | ", row)} |"), .. after]);
    }

    private static bool IsOf(string[] row, ClientProgram program) => row[0] == program.Name && row[1] == program.Version;

    private static (string[] Before, List<string[]> Rows, string[] After) Read()
    {
        var lines = File.ReadAllLines(Page);
        var first = Array.FindIndex(lines, line => line.StartsWith(Start, StringComparison.Ordinal)) + 2;
        var rows = lines[first..].TakeWhile(line => line.StartsWith('|')).ToList();
        return (lines[..first], [.. rows.Select(row => row.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries))], lines[(first + rows.Count)..]);
    }
}
