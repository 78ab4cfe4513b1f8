using Spectre.Console;

namespace SpendGuard.Cli.Output;

/// <summary>Writes reports: data when it is asked for, a picture on a terminal, lines everywhere else.</summary>
internal sealed class ReportWriter(Shell shell, bool json)
{
    public void Write(IReport report)
    {
        if (json)
        {
            shell.Output.WriteLine(SortedJson.Write(report.Json));
        }
        else if (shell.IsTerminal)
        {
            // Rows end the last line, whatever the picture is.
            shell.Console.Write(new Rows(report.Picture));
        }
        else
        {
            foreach (var line in report.Lines)
            {
                shell.Output.WriteLine(line);
            }
        }
    }
}
