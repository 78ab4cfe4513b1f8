using System.CommandLine;

namespace SpendGuard.Cli.Completion;

/// <summary><c>spendguard completion</c>: prints what makes a shell complete the command. The shell asks the command itself.</summary>
internal sealed class CompletionCommand
{
    private static readonly IReadOnlyDictionary<string, string> Scripts = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] =
            """
            _spendguard() {
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "$(spendguard "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -F _spendguard spendguard
            """,
        ["zsh"] =
            """
            _spendguard() {
                local -a found
                found=("${(@f)$(spendguard "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -- ${found}
            }
            compdef _spendguard spendguard
            """,
        ["fish"] =
            """
            complete -c spendguard -f -a '(spendguard "[suggest:"(commandline -C)"]" (commandline -p) 2>/dev/null)'
            """,
        ["pwsh"] =
            """
            Register-ArgumentCompleter -Native -CommandName spendguard -ScriptBlock {
                param($word, $line, $position)
                spendguard "[suggest:$position]" "$line" | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };

    public CompletionCommand(Shell shell)
    {
        var name = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh" };
        name.AcceptOnlyFromAmong([.. Scripts.Keys]);
        Command = new Command("completion", "Print the completion of a shell, such as: source <(spendguard completion bash)") { name };
        Command.SetAction(parsed => shell.Output.WriteLine(Scripts[parsed.GetRequiredValue(name)]));
    }

    public Command Command { get; }
}
